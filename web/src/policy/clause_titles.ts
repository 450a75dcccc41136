// Clauses are called by their titles in the policy that is in force, in the reader's language; the id is for programs.
import type { PolicyVersion, PolicyVersions } from '../api/types';
import { languageTag } from '../i18n/format';
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

export function useClauseTitles(): (id: string) => string {
  const policy = usePolicyInForce();
  return (id) => titleIn(policy, id);
}
