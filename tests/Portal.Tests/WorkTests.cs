using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Notifications.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Durable work: claimed once, tried again, parked, taken over.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class WorkTests(Db db)
{
    private PortalUnderTest portal = null!;

    [SetUp]
    public async Task Start() => portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock(), Idle = true });

    [TearDown]
    public Task Stop() => portal.DisposeAsync().AsTask();

    [SecurityCase("W8", "poison is parked after its tries and can be run again")]
    [Test]
    public async Task A_poison_item_is_parked_with_its_reason_and_can_be_tried_again()
    {
        var id = await AddAsync("poison");
        var worker = Worker(_ => throw new InvalidDataException("It tastes bitter."));

        var tries = 0;
        while ((await FindAsync(id)).State != WorkState.Parked)
        {
            if (await worker.WorkNextAsync(CancellationToken.None))
            {
                tries++;
            }

            portal.Clock.Advance(TimeSpan.FromHours(25));
        }

        tries.Should().Be(10);
        var parked = await FindAsync(id);
        parked.Reason.Should().Be("InvalidDataException: It tastes bitter.");
        parked.EndedAt.Should().NotBeNull();
        (await worker.WorkNextAsync(CancellationToken.None)).Should().BeFalse("parked work waits for a person");

        await ChangeAsync(id, item => item.TryAgain(portal.Now));
        (await Worker(item => item.Finish(portal.Now)).WorkNextAsync(CancellationToken.None)).Should().BeTrue();
        var done = await FindAsync(id);
        (done.State, done.Reason, done.Attempts).Should().Be((WorkState.Done, null, 1));
    }

    [SecurityCase("W8", "a failed item pauses longer each time and delays nobody")]
    [Test]
    public async Task A_failed_item_pauses_longer_each_time_and_delays_nobody()
    {
        var poison = await AddAsync("poison");
        var worker = Worker(item =>
        {
            if (item.Id == poison)
            {
                throw new InvalidDataException("Bitter.");
            }

            item.Finish(portal.Now);
        });
        await worker.WorkNextAsync(CancellationToken.None);
        var good = await AddAsync("good");

        (await worker.WorkNextAsync(CancellationToken.None)).Should().BeTrue();
        (await worker.WorkNextAsync(CancellationToken.None)).Should().BeFalse("the failed one waits its pause");

        (await FindAsync(good)).State.Should().Be(WorkState.Done);
        List<TimeSpan> pauses = [];
        for (var i = 0; i < 4; i++)
        {
            var due = (await FindAsync(poison)).DueAt;
            pauses.Add(due - portal.Now);
            portal.Clock.MoveTo(due);
            (await worker.WorkNextAsync(CancellationToken.None)).Should().BeTrue();
        }

        pauses.Should().Equal(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
    }

    [Test]
    public async Task A_lease_that_ran_out_is_taken_over_and_the_late_holder_saves_nothing()
    {
        var id = await AddAsync("slow");
        var (started, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var late = Worker(
            async (item, data) =>
            {
                started.SetResult();
                await goOn.Task;
                item.Park(portal.Now, "The late holder was here.");
                await data.SaveChangesAsync();
            }
        );
        var working = late.WorkNextAsync(CancellationToken.None);
        await started.Task;
        var other = Worker(item => item.Finish(portal.Now));
        (await other.WorkNextAsync(CancellationToken.None)).Should().BeFalse("the lease still runs");

        portal.Clock.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));
        (await other.WorkNextAsync(CancellationToken.None)).Should().BeTrue();
        goOn.SetResult();
        await working;

        var item = await FindAsync(id);
        (item.State, item.Reason, item.Attempts).Should().Be((WorkState.Done, null, 2));
    }

    [Test]
    public async Task An_item_over_which_processes_died_is_parked_too()
    {
        var id = await AddAsync("deadly");
        var worker = Worker(static _ => throw new OperationCanceledException());
        for (var i = 0; i < 12; i++)
        {
            using var dying = new CancellationTokenSource();
            var dead = Worker(_ => dying.Cancel());
            await FluentActions.Awaiting(() => dead.WorkNextAsync(dying.Token)).Should().NotThrowAsync<InvalidDataException>();
            portal.Clock.Advance(TimeSpan.FromMinutes(3));
        }

        await worker.WorkNextAsync(CancellationToken.None);
        var item = await FindAsync(id);
        item.State.Should().Be(WorkState.Parked);
        item.Reason.Should().NotBeNullOrEmpty();
    }

    [Test]
    public async Task Eight_workers_at_once_work_each_item_once()
    {
        List<long> ids = [];
        for (var i = 0; i < 40; i++)
        {
            ids.Add(await AddAsync($"item {i}"));
        }

        var worked = new ConcurrentQueue<long>();
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    var worker = Worker(item =>
                    {
                        worked.Enqueue(item.Id);
                        item.Finish(portal.Now);
                    });
                    while (await portal.CountAsync("notifications_outbox", "\"State\" = 'Received'") > 0)
                    {
                        await worker.WorkNextAsync(CancellationToken.None);
                    }
                })
        );

        worked.Should().BeEquivalentTo(ids);
    }

    private Worker<OutboxMail> Worker(Action<OutboxMail> work) =>
        Worker(
            async (item, data) =>
            {
                work(item);
                await data.SaveChangesAsync();
            }
        );

    private Worker<OutboxMail> Worker(Func<OutboxMail, PortalDb, Task> work) =>
        new(
            new Scopes(portal.Services.GetRequiredService<IServiceScopeFactory>(), work),
            new WorkBells(),
            portal.Clock,
            NullLogger<Worker<OutboxMail>>.Instance
        );

    private Task<long> AddAsync(string occasion) =>
        portal.AskAsync(async data =>
        {
            var mail = new OutboxMail("test", occasion, null, "ada@example.com", [1], portal.Now);
            data.Add(mail);
            await data.SaveChangesAsync();
            return mail.Id;
        });

    private Task<OutboxMail> FindAsync(long id) => portal.AskAsync(data => data.Set<OutboxMail>().AsNoTracking().SingleAsync(m => m.Id == id));

    private Task<int> ChangeAsync(long id, Action<OutboxMail> change) =>
        portal.AskAsync(async data =>
        {
            change(await data.Set<OutboxMail>().SingleAsync(m => m.Id == id));
            return await data.SaveChangesAsync();
        });

    /// <summary>The portal's own scopes, but for what the work is.</summary>
    private sealed class Scopes(IServiceScopeFactory real, Func<OutboxMail, PortalDb, Task> work) : IServiceScopeFactory
    {
        public IServiceScope CreateScope() => new Scope(real.CreateScope(), work);
    }

    private sealed class Scope(IServiceScope real, Func<OutboxMail, PortalDb, Task> work) : IServiceScope, IServiceProvider
    {
        public IServiceProvider ServiceProvider => this;

        public object? GetService(Type serviceType) =>
            serviceType == typeof(IWorkOn<OutboxMail>)
                ? new Work(item => work(item, real.ServiceProvider.GetRequiredService<PortalDb>()))
                : real.ServiceProvider.GetService(serviceType);

        public void Dispose() => real.Dispose();
    }

    private sealed class Work(Func<OutboxMail, Task> work) : IWorkOn<OutboxMail>
    {
        public Task WorkAsync(OutboxMail item, CancellationToken ct) => work(item);
    }
}
