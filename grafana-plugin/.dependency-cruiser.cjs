// Which folder of src/ may import which: no circles, types included, and each folder only those named for it.

const ARROWS = {
  heatmap: [],
  language: [],
  contract: [],
  grafana: ['contract'],
  workspace: ['heatmap', 'contract', 'language'],
  library: ['heatmap', 'contract', 'language', 'workspace'],
  datasource: ['contract', 'language', 'grafana'],
  panel: ['heatmap', 'contract', 'language', 'grafana', 'workspace'],
  extensions: ['contract', 'language', 'grafana', 'workspace', 'datasource', 'pages'],
  pages: ['heatmap', 'contract', 'language', 'grafana', 'workspace', 'library', 'datasource'],
  standalone: ['heatmap', 'contract', 'language', 'workspace', 'library'],
};

const arrows = Object.entries(ARROWS).map(([folder, others]) => ({
  name: `${folder}-imports-only`,
  comment: `src/${folder} imports ${others.length ? others.join(', ') : 'nothing else of ours'}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/((${[folder, ...others].join('|')})/|plugin\\.json$)` },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'folder-without-arrows',
      comment: 'A new folder of src/ says here what it may import.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(ARROWS).join('|')})/` },
      to: {},
    },
    ...arrows,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types count: a type, too, is at home in one place.
    tsPreCompilationDeps: true,
  },
};
