import { openSearch } from '../../lib/operations/search/index.ts';

export interface Documents {
  readonly total: { readonly value: number };
  readonly hits: readonly { readonly _index: string; readonly _id: string; readonly _source: unknown }[];
}

/**
 * Documents whose field has a value, as a query finds them.
 *
 * @param searchUrl base of the server
 * @param indices their names, or a pattern
 */
export const documentsOf = async (
  searchUrl: string,
  indices: string,
  field: string,
  value: string,
): Promise<Documents> => {
  const search = openSearch(searchUrl);
  // What was written becomes visible once a second, or when somebody asks for it.
  await search.ask('POST', `/${indices}/_refresh`);
  const answer = await search.ask<{ readonly hits: Documents }>('POST', `/${indices}/_search`, {
    size: 1_000,
    track_total_hits: true,
    query: { term: { [field]: value } },
  });
  return answer?.hits ?? { total: { value: 0 }, hits: [] };
};
