interface Connections {
  readonly connections: readonly { readonly conId: string }[];
}

interface Tree {
  readonly data: readonly { readonly text: string }[];
}

const ask = async <Answer>(url: string): Promise<Answer> => JSON.parse(await (await fetch(url)).text());

/** The keys that Redis Commander's page shows under a prefix that ends with a colon, without the prefix. */
export const shownKeys = async (address: string, prefix: string): Promise<readonly string[]> => {
  const { connections } = await ask<Connections>(`${address}/connections`);
  const trees = connections.map(({ conId }) => ask<Tree>(`${address}/apiv1/keystree/${conId}/${prefix}`));
  return (await Promise.all(trees)).flatMap(({ data }) => data.map(({ text }) => text));
};
