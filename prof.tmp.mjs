import { runnerImport } from 'vite';
const { module } = await runnerImport(process.cwd() + '/spec/simulation/run/bundle.ts', { configFile: false, root: process.cwd(), logLevel: 'error' });
await module.bundleSimulation(process.cwd() + '/node_modules/.cache/prof');
