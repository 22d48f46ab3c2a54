import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import {
  Accordion, AccordionDetails, AccordionSummary, AppBar, Autocomplete, Box, Button, Card, CardActions, CardContent, Checkbox, Chip, Container, Dialog, DialogActions, DialogContent, DialogTitle,
  Drawer, FormControlLabel, Grid2 as Grid, IconButton, List, ListItemButton, ListItemText, Menu, MenuItem, Pagination, Paper, Radio, RadioGroup, Rating, Select, Slider, Snackbar, Switch, Tab, Table,
  TableBody, TableCell, TableHead, TableRow, TableSortLabel, Tabs, TextField, ToggleButton, ToggleButtonGroup, Toolbar, Tooltip, Typography,
} from '@mui/material'

const PEOPLE = ['Ada', 'Blaise', 'Carl', 'Dorothea', 'Emmy', 'Felix', 'Grace', 'Hedy', 'Ida', 'John', 'Katherine', 'Leonhard'].map((name, n) => ({ name, orders: (n * 37) % 23, city: ['Oslo', 'Bonn', 'Turin'][n % 3] }))

function People() {
  const [order, setOrder] = useState('name')
  const [wanted, setWanted] = useState('')
  const [picked, setPicked] = useState([])
  const rows = PEOPLE.filter((one) => one.name.toLowerCase().includes(wanted)).sort((a, b) => (a[order] > b[order] ? 1 : -1))
  return (
    <Paper sx={{ p: 2 }}>
      <TextField label="Filter" size="small" value={wanted} onChange={(e) => setWanted(e.target.value.toLowerCase())} />
      <Table size="small">
        <TableHead><TableRow><TableCell />{['name', 'orders', 'city'].map((key) => (
          <TableCell key={key}><TableSortLabel active={order === key} onClick={() => setOrder(key)}>{key}</TableSortLabel></TableCell>))}</TableRow></TableHead>
        <TableBody>{rows.map((one) => (
          <TableRow key={one.name} hover selected={picked.includes(one.name)} onClick={() => setPicked(picked.includes(one.name) ? picked.filter((n) => n !== one.name) : [...picked, one.name])}>
            <TableCell><Checkbox checked={picked.includes(one.name)} /></TableCell><TableCell>{one.name}</TableCell><TableCell>{one.orders}</TableCell><TableCell>{one.city}</TableCell>
          </TableRow>))}</TableBody>
      </Table>
      <Pagination count={5} sx={{ mt: 1 }} />
    </Paper>
  )
}

function Settings() {
  const [side, setSide] = useState('left')
  return (
    <Paper sx={{ p: 2 }}>
      <FormControlLabel control={<Switch />} label="Send mails" /><FormControlLabel control={<Switch defaultChecked />} label="Dark" />
      <RadioGroup row defaultValue="b">{['a', 'b', 'c'].map((v) => <FormControlLabel key={v} value={v} control={<Radio />} label={`Plan ${v}`} />)}</RadioGroup>
      <Slider defaultValue={30} /><Rating defaultValue={3} />
      <ToggleButtonGroup exclusive value={side} onChange={(_, v) => v && setSide(v)}>{['left', 'centre', 'right'].map((v) => <ToggleButton key={v} value={v}>{v}</ToggleButton>)}</ToggleButtonGroup>
      <Select defaultValue="de" size="small" sx={{ ml: 2 }}>{['de', 'en', 'fr'].map((v) => <MenuItem key={v} value={v}>Language {v}</MenuItem>)}</Select>
      <Autocomplete options={PEOPLE.map((one) => one.name)} renderInput={(params) => <TextField {...params} label="Person" />} sx={{ mt: 2, maxWidth: 300 }} />
      {['Shipping', 'Payment', 'Returns'].map((title) => <Accordion key={title}><AccordionSummary>{title}</AccordionSummary><AccordionDetails>All about {title.toLowerCase()}. <Button>Change {title}</Button></AccordionDetails></Accordion>)}
    </Paper>
  )
}

function Shop({ buy }) {
  return <Grid container spacing={2}>{['Kettle', 'Flask', 'Mug', 'Jug', 'Bowl', 'Plate', 'Spoon', 'Tray'].map((name, n) => (
    <Grid key={name} size={{ xs: 12, sm: 6, md: 3 }}><Card><CardContent><Typography variant="h6">{name}</Typography><Chip label={`${n + 3} €`} size="small" /></CardContent>
      <CardActions><Button size="small" onClick={() => buy(name)}>Buy</Button><Tooltip title="Like"><IconButton aria-label="like">♥</IconButton></Tooltip></CardActions></Card></Grid>))}</Grid>
}

function App() {
  const [tab, setTab] = useState(0), [account, setAccount] = useState(null), [more, setMore] = useState(null), [drawer, setDrawer] = useState(false), [bought, setBought] = useState(''), [note, setNote] = useState('')
  return (
    <Box>
      <AppBar position="sticky"><Toolbar>
        <IconButton color="inherit" onClick={() => setDrawer(true)}>☰</IconButton><Typography sx={{ flex: 1 }}>Kitchen</Typography>
        <Button color="inherit" onClick={(e) => setMore(e.currentTarget)}>More</Button><Button color="inherit" onClick={(e) => setAccount(e.currentTarget)}>Account</Button>
      </Toolbar></AppBar>
      <Menu anchorEl={account} open={!!account} onClose={() => setAccount(null)}>{['Profile', 'Orders', 'Sign out'].map((t) => <MenuItem key={t} onClick={() => setAccount(null)}>{t}</MenuItem>)}</Menu>
      <Menu anchorEl={more} open={!!more} onClose={() => setMore(null)}>{['Help', 'Imprint', 'Jobs'].map((t) => <MenuItem key={t} onClick={() => setMore(null)}>{t}</MenuItem>)}</Menu>
      <Drawer open={drawer} onClose={() => setDrawer(false)}><List sx={{ width: 220 }}>{['Shop', 'People', 'Settings'].map((t, n) => <ListItemButton key={t} onClick={() => { setTab(n); setDrawer(false) }}><ListItemText primary={t} /></ListItemButton>)}</List></Drawer>
      <Container sx={{ py: 2 }}>
        <Tabs value={tab} onChange={(_, n) => setTab(n)}>{['Shop', 'People', 'Settings'].map((t) => <Tab key={t} label={t} />)}</Tabs>
        {tab === 0 && <Shop buy={setBought} />}{tab === 1 && <People />}{tab === 2 && <Settings />}
        <Typography sx={{ mt: 40 }}>The end of the page</Typography><Button variant="contained">Subscribe</Button>
      </Container>
      <Dialog open={!!bought} onClose={() => setBought('')}><DialogTitle>Buy a {bought}?</DialogTitle><DialogContent>It comes tomorrow.</DialogContent><DialogActions><Button onClick={() => setBought('')}>No</Button><Button onClick={() => { setNote(bought); setBought('') }}>Yes</Button></DialogActions></Dialog>
      <Snackbar open={!!note} message={`${note} is on its way`} autoHideDuration={4000} onClose={() => setNote('')} />
    </Box>
  )
}
createRoot(document.getElementById('root')).render(<App />)
