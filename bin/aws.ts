// The AWS SDK announces the end of its Node 20 support on every start; that is the project's business, not the user's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { main } = await import('../lib/cli/aws/main.ts');
await main(process.argv.slice(2));

export {};
