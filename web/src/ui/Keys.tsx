import { showKeys } from '../keys/listen';

export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {showKeys(keys).map((part, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the parts of a key never move
        <kbd key={index}>{part}</kbd>
      ))}
    </span>
  );
}
