/** What went wrong with what was just tried, said at once to those who listen. Nothing when there is nothing to say. */
export const Problem = ({ text }: { text: string | null | undefined }) =>
  text ? (
    <p className="notice late" role="alert">
      {text}
    </p>
  ) : null;
