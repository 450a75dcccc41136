// Permissions as screens group them. A resource that is not named here stands under "other", so none is lost.
import type { RolePage } from '../../api/types';

export type Permission = RolePage['permissions'][number];

const groups = {
  conversations: ['conversation', 'draft', 'message', 'tag', 'search', 'event', 'attachment'],
  contacts: ['contact'],
  channels: ['channel', 'delivery', 'quarantine', 'malware_scanner', 'content_rule', 'review'],
  people: ['user', 'role', 'second_factor_rule', 'api_key', 'application', 'single_sign_on', 'scim'],
  accounts: ['incident', 'incident_rule', 'read_log', 'read_rule', 'ledger', 'policy'],
  other: [] as string[],
};
type Group = keyof typeof groups;

const groupOf = (resource: string): Group =>
  (Object.keys(groups) as Group[]).find((group) => groups[group].includes(resource)) ?? 'other';

/** In the order above; empty groups are left out. */
export function byGroup<T extends { resource: string }>(all: T[]): [Group, T[]][] {
  return (Object.keys(groups) as Group[])
    .map((group): [Group, T[]] => [group, all.filter((one) => groupOf(one.resource) === group)])
    .filter(([, found]) => found.length > 0);
}

const order = ['agent', 'supervisor', 'administrator'];

/** What a built-in role has. */
export function given(all: Permission[], role: string): string[] {
  return all.filter((one) => order.indexOf(one.least) <= order.indexOf(role)).map((one) => one.name);
}
