using Microsoft.Extensions.Options;
using Portal.Host.Database;
using Portal.Kernel;
using Quartz;

namespace Portal.Host.Schedules;

/// <summary>Runs the modules' recurring tasks on Quartz's persistent store. Another scheduler is one change in this file.</summary>
/// <remarks>Correctness never rests on it: a task is harmless to run twice, and durable work is claimed in the database.</remarks>
internal static class QuartzSchedules
{
    public static void AddSchedules(this IServiceCollection services, DatabaseOptions database, string dataDirectory)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler => (scheduler.InstanceName, scheduler.GenerateInstanceId) = ("portal", true));
            quartz.UsePersistentStore(store =>
            {
                store.ProvisionSchema();
                store.UseSystemTextJsonSerializer();
                if (database.Provider == DatabaseProvider.PostgreSql)
                {
                    store.UsePostgres(database.ToConnectionString(dataDirectory));
                    store.UseClustering(_ => { });
                }
                else
                {
                    // A file of its own: the scheduler's small writes never queue behind the portal's, nor the portal's behind them.
                    store.UseSqlite($"Data Source={Path.Combine(dataDirectory, "schedules.db")}");
                }
            });
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        services.AddHostedService<ScheduleRecurringTasks>();
    }
}

/// <summary>Writes the tasks' schedules into the store: added, changed and dropped with the code.</summary>
internal sealed class ScheduleRecurringTasks(ISchedulerFactory schedulers, IServiceScopeFactory scopes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        foreach (var task in scope.ServiceProvider.GetServices<IRecurringTask>())
        {
            var job = JobBuilder.Create<RecurringTaskJob>().WithIdentity(task.Name).Build();
            var trigger = TriggerBuilder
                .Create()
                .WithIdentity(task.Name)
                .ForJob(job)
                .WithCronSchedule(
                    task.Cron,
                    cron => cron.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)
                )
                .Build();
            await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Runs the task the job is named after, once at a time over all nodes.</summary>
[DisallowConcurrentExecution]
internal sealed partial class RecurringTaskJob(IEnumerable<IRecurringTask> tasks, ILogger<RecurringTaskJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var name = context.JobDetail.Key.Name;
        if (tasks.FirstOrDefault(t => t.Name == name) is not { } task)
        {
            NoSuchTask(name);
            await context.Scheduler.DeleteJob(context.JobDetail.Key, cancellationToken);
            return;
        }

        await task.RunAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The schedule {Name} has no task any more and is dropped")]
    private partial void NoSuchTask(string name);
}
