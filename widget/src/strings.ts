// What the widget says, in each language that it speaks. A test compares the keys; TypeScript does too.
const en = {
  title: 'Chat with us',
  open: 'Open the chat',
  close: 'Close the chat',
  unread: '{n} unread',
  log: 'Conversation',
  message: 'Your message',
  send: 'Send',
  attach: 'Attach a file',
  dropHere: 'Drop files here',
  you: 'You',
  team: 'Support',
  sending: 'Sending…',
  sent: 'Sent',
  seen: 'Seen',
  notSent: 'Not sent.',
  again: 'Try again',
  remove: 'Remove',
  removed: 'This message was taken down.',
  removeFile: 'Remove {name}',
  typing: '{name} is writing…',
  connecting: 'Connecting…',
  offline: 'No connection. What you write is kept and sent when it is back.',
  refused: 'The chat is not available right now. What you write is kept.',
  signIn: 'Please sign in on this site to use the chat.',
  uploading: '{name}: {n} %',
  uploaded: '{name} attached',
  uploadFailed: '{name} could not be attached.',
  tooLarge: '{name} is larger than {n} MB.',
  tooMany: 'At most {n} files in one message.',
};

export type Strings = Record<keyof typeof en, string>;

const fr: Strings = {
  title: 'Discutez avec nous',
  open: 'Ouvrir la discussion',
  close: 'Fermer la discussion',
  unread: '{n} non lus',
  log: 'Conversation',
  message: 'Votre message',
  send: 'Envoyer',
  attach: 'Joindre un fichier',
  dropHere: 'Déposer les fichiers ici',
  you: 'Vous',
  team: 'Assistance',
  sending: 'Envoi…',
  sent: 'Envoyé',
  seen: 'Vu',
  notSent: 'Non envoyé.',
  again: 'Réessayer',
  remove: 'Retirer',
  removed: 'Ce message a été retiré.',
  removeFile: 'Retirer {name}',
  typing: '{name} écrit…',
  connecting: 'Connexion…',
  offline: 'Pas de connexion. Vos messages sont gardés et partiront à son retour.',
  refused: 'La discussion n’est pas disponible pour le moment. Vos messages sont gardés.',
  signIn: 'Veuillez vous connecter sur ce site pour utiliser la discussion.',
  uploading: '{name}\u202f: {n}\u202f%',
  uploaded: '{name} joint',
  uploadFailed: '{name} n’a pas pu être joint.',
  tooLarge: '{name} dépasse {n}\u202fMo.',
  tooMany: 'Au plus {n} fichiers par message.',
};

const ar: Strings = {
  title: 'تحدث معنا',
  open: 'فتح المحادثة',
  close: 'إغلاق المحادثة',
  unread: '{n} غير مقروءة',
  log: 'المحادثة',
  message: 'رسالتك',
  send: 'إرسال',
  attach: 'إرفاق ملف',
  dropHere: 'أفلت الملفات هنا',
  you: 'أنت',
  team: 'الدعم',
  sending: 'جارٍ الإرسال…',
  sent: 'أُرسلت',
  seen: 'شوهدت',
  notSent: 'لم تُرسل.',
  again: 'إعادة المحاولة',
  remove: 'إزالة',
  removed: 'أُزيلت هذه الرسالة.',
  removeFile: 'إزالة {name}',
  typing: '{name} يكتب…',
  connecting: 'جارٍ الاتصال…',
  offline: 'لا يوجد اتصال. ما تكتبه محفوظ ويُرسل عند عودته.',
  refused: 'المحادثة غير متاحة الآن. ما تكتبه محفوظ.',
  signIn: 'يرجى تسجيل الدخول في هذا الموقع لاستخدام المحادثة.',
  uploading: '{name}: {n}٪',
  uploaded: 'أُرفق {name}',
  uploadFailed: 'تعذّر إرفاق {name}.',
  tooLarge: '{name} أكبر من {n} ميغابايت.',
  tooMany: 'على الأكثر {n} ملفات في الرسالة.',
};

export const catalogues: Record<string, Strings> = { en, fr, ar };

// The first of the wanted languages that we speak; English otherwise.
export function pickLanguage(wanted: (string | null | undefined)[]): string {
  const found = wanted
    .map((tag) => (tag ?? '').toLowerCase().split(/[-_]/)[0]!)
    .find((tag) => Object.hasOwn(catalogues, tag));
  return found ?? 'en';
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
