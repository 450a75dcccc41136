import type { ReactNode } from 'react';
import { Mark } from './Mark';

interface Props {
  title: string;
  text?: ReactNode;
  children?: ReactNode;
  role?: 'status' | 'alert';
  /** The page has no other heading. */
  heading?: boolean;
}

/** A page that has nothing to show says so, and says what can be done. */
export function Empty({ title, text, children, role, heading }: Props) {
  return (
    <div className="empty" role={role}>
      <Mark />
      {heading ? <h1 className="empty-title">{title}</h1> : <p className="empty-title">{title}</p>}
      {text && <p className="muted">{text}</p>}
      {children && <div className="empty-acts">{children}</div>}
    </div>
  );
}
