import { act, fireEvent, render, screen } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import { beforeEach, expect, test } from 'vitest';
import { send } from '../state/outgoing';
import { acceptItem } from '../state/rows';
import { acceptMessage, acceptSnapshot, useThread } from '../state/threads';
import { item, message, network, signedIn, snapshot } from '../test/shop';
import { Messages } from './Messages';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
const id = 'conv';
const height_px = 2_000;
const folding = { sender: '', whole: false, toggle: () => {} };

function Shown() {
  const thread = useThread(id);
  return (
    <Tooltip.Provider>
      {thread && <Messages id={id} thread={thread} quotes={false} folding={folding} onForward={() => {}} />}
    </Tooltip.Provider>
  );
}

beforeEach(() => {
  localStorage.clear();
  signedIn();
  acceptItem(item(id), 1);
  acceptSnapshot(snapshot(id));
  Object.defineProperties(HTMLElement.prototype, {
    scrollHeight: { configurable: true, get: () => height_px },
    clientHeight: { configurable: true, get: () => 500 },
  });
});

test('what a customer writes leaves who reads further up in place, and what one sends oneself is shown', async () => {
  network({});
  render(<Shown />);
  const box = screen.getByRole('region');
  box.scrollTop = 100;
  fireEvent.scroll(box);
  await act(() => acceptMessage(message('m2', id, { created_at: '2026-11-24T10:06:00.000Z' }), 11));
  expect(box.scrollTop).toBe(100);
  expect(screen.getByRole('button', { name: 'New message' })).toBeTruthy();
  await act(() => send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false }));
  expect(box.scrollTop).toBe(height_px);
  expect(screen.queryByRole('button', { name: 'New message' })).toBeNull();
});
