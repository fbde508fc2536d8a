import type { Words } from '../wording.ts';

type Names = 'welcome' | 'tips' | 'first-batch' | 'trial-ending' | 'inactive';

export const onboarding: Words<Names> = {
  welcome: ({ name }, { link }) => ({
    subject: 'Welcome to QR SaaS',
    paragraphs: [
      `Hello ${name},`,
      'your account is ready. Make your first code, point it wherever you like, and change that later without printing it again.',
    ],
    short: `Welcome, ${name}. Your account is ready.`,
    action: { label: 'Make a code', url: link('codes', 'new') },
  }),
  tips: ({ name }, { link }) => ({
    subject: 'Three things people find late',
    paragraphs: [
      `Hello ${name},`,
      'a code can carry your logo; its destination can change at a set time; and every scan is counted by country and device.',
    ],
    short: `${name}, your codes can carry a logo, change their destination at a set time, and count every scan.`,
    action: { label: 'See how', url: link('help', 'tips') },
  }),
  'first-batch': ({ name }, { link }) => ({
    subject: 'A thousand codes at once',
    paragraphs: [
      `Hello ${name},`,
      'upload a table, one line a code, and you get all of them as one zip a little later.',
    ],
    short: `${name}, upload a table and get all codes of it as one zip.`,
    action: { label: 'Start a batch', url: link('batches', 'new') },
  }),
  'trial-ending': ({ trialEndsAt }, { link, day }) => ({
    subject: `Your trial ends on ${day(trialEndsAt)}`,
    paragraphs: [
      `Your trial ends on ${day(trialEndsAt)}.`,
      'Your codes go on working. Choose a plan to keep what the trial gave you beyond the free plan.',
    ],
    short: `Your trial ends on ${day(trialEndsAt)}. Your codes go on working.`,
    action: { label: 'Choose a plan', url: link('plans') },
  }),
  inactive: ({ lastSeenAt }, { link, day }) => ({
    subject: 'Your codes are still at work',
    paragraphs: [
      `You were last here on ${day(lastSeenAt)}. Your codes have been scanned since, and the figures wait for you.`,
    ],
    short: `You were last here on ${day(lastSeenAt)}. Your codes are still at work.`,
    action: { label: 'See your scans', url: link('analytics') },
  }),
};
