// The colleagues of the workspace: for assigning, and for naming whoever an event speaks of.
import { api } from '../api/client';
import type { Page, User } from '../api/types';
import { cell, subscribe } from './keyed';

export const people = cell<User[]>('people', []);

export async function loadPeople() {
  const page = await api.get<Page<User>>('/users?limit=100').catch(() => null);
  if (page) people.set(page.items);
}

subscribe('resource:users', () => void loadPeople());
