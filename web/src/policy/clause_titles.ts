// Clauses are called by their titles in the policy that is in force, in the reader's language; the id is for programs.
import type { PolicyVersion, PolicyVersions } from '../api/types';
import { languageTag } from '../i18n/format';
import { t } from '../i18n/t';
import { useResource } from '../ui/useResource';

export function usePolicyInForce(): PolicyVersion | null {
  const in_force = useResource<PolicyVersions>('/policy/versions').data?.in_force ?? null;
  return useResource<PolicyVersion>(in_force === null ? null : `/policy/versions/${in_force}`).data;
}

/** The title of a clause; of one that the policy does not have, the id. */
export function titleIn(policy: PolicyVersion | null, id: string): string {
  const texts = policy?.clauses.find((one) => one.id === id)?.texts ?? [];
  return (texts.find((one) => one.language === languageTag()) ?? texts[0])?.title ?? id;
}

/** Why something is stopped begins with the clause by its id ("Clause no_bulk, version 3: …", in French "Article …"):
 *  here with its title. */
export function reasonIn(policy: PolicyVersion | null, reason: string): string {
  const found = /^(?:Clause|Article) ([a-z0-9_]+), (?:(version) |[a-z ]+ \(version )(\d+)\)? ?: ([^]*)$/.exec(reason);
  if (!found) return reason;
  const [, id = '', is_clause, version = '', facts = ''] = found;
  const said = t(is_clause ? 'suspension.by_clause' : 'suspension.by_term', { clause: titleIn(policy, id), version });
  return `${said} ${facts}`;
}

export function useReasons(): (reason: string) => string {
  const policy = usePolicyInForce();
  return (reason) => reasonIn(policy, reason);
}

export function useClauseTitles(): (id: string) => string {
  const policy = usePolicyInForce();
  return (id) => titleIn(policy, id);
}
