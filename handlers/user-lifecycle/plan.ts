import { isPlan, PLANS, type PlanName } from '../../lib/catalog/index.ts';
import { PermanentError } from '../../lib/errors.ts';

/** @throws PermanentError RULE_VIOLATED, naming the plans there are */
export const knownPlan = (name: string): PlanName => {
  if (isPlan(name)) return name;
  const plans = Object.keys(PLANS).join(', ');
  throw new PermanentError('RULE_VIOLATED', `There is no plan ${JSON.stringify(name)}; the plans are ${plans}.`);
};
