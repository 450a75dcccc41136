// An ordinary link that changes the page without loading it, unless the agent asks for a new tab.
import type { ComponentProps, MouseEvent } from 'react';
import { go, href, type Route } from './route';

interface Props extends Omit<ComponentProps<'a'>, 'href'> {
  to: Route;
}

export function Link({ to, onClick, ...rest }: Props) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  // oxlint-disable-next-line jsx-a11y/anchor-has-content -- the content comes with the properties
  return <a {...rest} href={href(to)} onClick={follow} />;
}
