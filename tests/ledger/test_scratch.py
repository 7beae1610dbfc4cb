import time
from datetime import timedelta
from passerelle.kit import clock
from passerelle.kit.ids import new_id
from passerelle.ledger import service, booking, queries
from passerelle.ledger.schemas import Credit, Debit
async def test_x(database, shop):
    u=new_id()
    owners=[new_id() for _ in range(300)]
    stat={}
    async def acc(i):
        async with database.transaction(shop.organization_id) as tx:
            wrap(tx); await service.post(tx,kind="accrual",reference=f"b{i}-{time.time_ns()}",credits=[Credit(owners[i%300],u,10,expires_at=clock.now()+timedelta(days=300))])
    async def red(i):
        async with database.transaction(shop.organization_id) as tx:
            wrap(tx); await service.post(tx,kind="redemption",reference=f"c{i}-{time.time_ns()}",debits=[Debit(owners[i%300],u,5)])
    names={booking._LOCK:"lock",booking._OPEN:"open",booking._BOOK:"book",queries._OPEN_LOTS:"lots"}
    def wrap(tx):
        raw=tx.raw
        class R:
            def __getattr__(self,n): return getattr(raw,n)
            async def fetch(self,sql,*a):
                t=time.perf_counter(); r=await raw.fetch(sql,*a); stat.setdefault(names.get(sql,"?"),[]).append((time.perf_counter()-t)*1e6); return r
        tx.raw=R()
    async def empty(i):
        async with database.transaction(shop.organization_id) as tx: pass
    async def run(name,n,f):
        stat.clear()
        t=time.perf_counter(); c=time.process_time(); ts=[]
        for i in range(n): 
            q=time.perf_counter(); await f(i); ts.append((time.perf_counter()-q)*1e6)
        print(name, "mean %.0f median %.0f cpu %.0f"%((time.perf_counter()-t)/n*1e6, sorted(ts)[n//2], (time.process_time()-c)/n*1e6), {k:(len(v),round(sorted(v)[len(v)//2])) for k,v in stat.items()})
    await run("new",300,acc); await run("acc",2000,acc); await run("red",1000,red); await run("acc",1000,acc); await run("empty",1000,empty)
