import { cleanup, render, screen } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import { afterEach, expect, test } from 'vitest';
import { acceptItem } from '../state/rows';
import { item, signedIn } from '../test/shop';
import { ConversationRow } from './ConversationRow';

afterEach(cleanup);

test('a conversation whose last message did not leave says so in the list', () => {
  signedIn();
  for (const undelivered of ['failed', 'unknown', null] as const)
    acceptItem(item(`c-${undelivered}`, { undelivered, last_message_direction: 'outbound' }), 1);
  const rest = { top: 0, position: 1, size: 3, is_open: false, is_active: false, onOpen: () => {} };
  render(
    <Tooltip.Provider>
      {['failed', 'unknown', 'null'].map((one) => (
        <ConversationRow key={one} id={`c-${one}`} {...rest} />
      ))}
    </Tooltip.Provider>,
  );
  const [failed, unknown, well] = screen.getAllByRole('option').map((one) => one.textContent);
  expect(failed).toContain('Not sent');
  expect(unknown).toContain('Sent?');
  expect(well).not.toMatch(/sent/i);
});
