import { Hono } from 'hono';
import { withAdmin } from '../../../operations/cluster.ts';
import { reportTopic } from '../../../operations/topic-report.ts';
import { createTopic, deleteTopic, listTopics } from '../../../operations/topics.ts';
import { nameIn } from '../../path-step.ts';
import type { ConsoleContext } from '../context.ts';
import { InputError } from '../failure.ts';
import { bodyOf, queryOf } from '../input.ts';

/** Over which the rate of publishing of one topic is measured, at most a week. */
const MINUTES = { min: 1, max: 10_080, otherwise: 5 };

/** `/api/topics`: list, one with what goes on on it, create, delete. */
export const topicRoutes = ({ stack }: ConsoleContext): Hono =>
  new Hono()
    .get('/', async (c) => {
      const internal = queryOf(c).flag('internal');
      const { settings } = await stack();
      return c.json(await withAdmin(settings, (admin) => listTopics(admin, { internal })));
    })
    .get('/:name', async (c) => {
      const minutes = queryOf(c).whole('minutes', MINUTES);
      const { settings } = await stack();
      return c.json(
        await withAdmin(settings, (admin) => reportTopic(admin, settings, nameIn(c.req.param('name')), minutes)),
      );
    })
    .post('/', async (c) => {
      const body = await bodyOf(c);
      const request = {
        name: body.text('name'),
        partitions: body.whole('partitions', { min: 1, max: 1_000 }),
        retentionMs: body.whole('retentionMs', { min: -1, max: Number.MAX_SAFE_INTEGER }),
      };
      await withAdmin((await stack()).settings, (admin) => createTopic(admin, request));
      return c.json(request, 201);
    })
    .delete('/:name', async (c) => {
      const name = nameIn(c.req.param('name'));
      if ((await bodyOf(c)).text('confirm') !== name) {
        throw new InputError('confirm', 'Type the name of the topic to delete it.');
      }
      await withAdmin((await stack()).settings, (admin) => deleteTopic(admin, name));
      return c.json({ name });
    });
