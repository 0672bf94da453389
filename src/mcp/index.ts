export { createMcpHttp, type McpHttp } from './http.ts';
export { serveMcpStdio } from './stdio.ts';
