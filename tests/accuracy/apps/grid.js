import { AllCommunityModule, ModuleRegistry, createGrid } from 'ag-grid-community'
ModuleRegistry.registerModules([AllCommunityModule])
const makers = ['Adler', 'Borg', 'Citron', 'Delta']
createGrid(document.getElementById('root'), {
  columnDefs: [
    { field: 'maker', filter: true, checkboxSelection: true }, { field: 'model', editable: true }, { field: 'price', filter: 'agNumberColumnFilter' },
    ...Array.from({ length: 10 }, (_, n) => ({ field: `q${n + 1}`, width: 110 })),
  ],
  rowData: Array.from({ length: 5000 }, (_, n) => ({ maker: makers[n % 4], model: `M-${n}`, price: (n * 7919) % 40000, ...Object.fromEntries(Array.from({ length: 10 }, (_, q) => [`q${q + 1}`, (n * (q + 3)) % 97])) })),
  pagination: true, paginationPageSize: 500,
})
