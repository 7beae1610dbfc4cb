import time, os
from pathlib import Path
from datetime import timedelta
from passerelle.kit import clock
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.ledger import service, booking, queries
from passerelle.ledger.schemas import Credit, Debit
from tests.conftest import MASTER_KEY
def cpu(pid):
    f=Path(f"/proc/{pid}/stat").read_text().rsplit(")",1)[1].split(); return (int(f[11])+int(f[12]))*1e4
async def test_x(owner_dsn, shop):
    u=new_id(); owners=[new_id() for _ in range(1000)]
    database=Database(owner_dsn,Vault(MASTER_KEY),pool_size=1)
    async with database.transaction(shop.organization_id) as tx: pid=await tx.fetchval("select pg_backend_pid()")
    stat={}
    names={booking._LOCK:"lock",booking._OPEN:"open",booking._BOOK:"book",queries._OPEN_LOTS:"lots",queries._BALANCES:"balances"}
    def wrap(tx):
        raw=tx.raw
        class R:
            def __getattr__(self,n): return getattr(raw,n)
            async def fetch(self,sql,*a):
                t=time.perf_counter(); r=await raw.fetch(sql,*a); stat.setdefault(names.get(sql,"?"),[]).append((time.perf_counter()-t)*1e6); return r
        tx.raw=R()
    async def run(name,n,f):
        stat.clear()
        ts=[]; c=time.process_time(); b=cpu(pid)
        for i in range(n):
            t=time.perf_counter()
            async with database.transaction(shop.organization_id) as tx:
                wrap(tx); await f(tx,i)
            ts.append((time.perf_counter()-t)*1e6)
        print("%-10s p10 %.0f median %.0f client cpu %.0f backend cpu %.0f"%(name,sorted(ts)[n//10],sorted(ts)[n//2],(time.process_time()-c)/n*1e6,(cpu(pid)-b)/n), {k:(len(v),round(sorted(v)[len(v)//2])) for k,v in stat.items()})
    async def nothing(tx,i): pass
    await run("empty",1000,nothing)
    acc=lambda n:(lambda tx,i: service.post(tx,kind="accrual",reference=f"{n}{i}",credits=[Credit(owners[i*7%1000],u,10,expires_at=clock.now()+timedelta(days=300))]))
    await run("new",1000,acc("a"))
    await run("accrual",3000,acc("b"))
    await run("accrual2",1000,lambda tx,i: service.post(tx,kind="accrual",reference=f"v{i}",credits=[Credit(owners[i*7%1000],u,10,expires_at=clock.now()+timedelta(days=300)),Credit(owners[i*7%1000],owners[0],1)]))
    await run("redemp",1000,lambda tx,i: service.post(tx,kind="redemption",reference=f"x{i}",debits=[Debit(owners[i*7%1000],u,5)]))
    await run("balances",1000,lambda tx,i: service.balances(tx,[owners[i*7%1000]]))

    SIMPLE="select 1 from ledger_accounts where organization_id=$1 and owner_id=$2 and unit_id=$3 for no key update"
    names[SIMPLE]="simple"
    async def simple(tx,i): await tx.fetch(SIMPLE,tx.organization_id,owners[i*7%1000],u)
    async def lk(tx,i): await booking.lock(tx,[(owners[i*7%1000],u)])
    await run("accrual",2000,acc("w"))
    await run("reverse",200,lambda tx,i: rev(tx,i))
    await database.close()
async def rev(tx,i):
    t=await service.find_transfer_by_reference(tx,f"x{i}"); await service.reverse(tx,t.id,reference=f"r{i}")
