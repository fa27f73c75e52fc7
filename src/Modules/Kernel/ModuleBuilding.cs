using Autofac;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Portal.Kernel.Personal;
using Portal.Kernel.Work;

namespace Portal.Kernel;

/// <summary>The words a module's registration is written in.</summary>
public static class ModuleBuilding
{
    /// <summary>Adds the module's tables.</summary>
    public static void AddModel<TPart>(this ContainerBuilder builder)
        where TPart : IModelPart => builder.RegisterType<TPart>().As<IModelPart>().SingleInstance();

    /// <summary>Reacts to an event.</summary>
    public static void AddHandler<TEvent, THandler>(this ContainerBuilder builder)
        where TEvent : IEvent
        where THandler : IHandle<TEvent> => builder.RegisterType<THandler>().As<IHandle<TEvent>>().InstancePerLifetimeScope();

    /// <summary>Works items of a kind in the background.</summary>
    public static void AddWorker<TItem, TWork>(this ContainerBuilder builder)
        where TItem : WorkItem
        where TWork : IWorkOn<TItem>
    {
        builder.RegisterType<TWork>().As<IWorkOn<TItem>>().InstancePerLifetimeScope();
        builder.RegisterType<Worker<TItem>>().AsSelf().As<IHostedService>().SingleInstance();
    }

    /// <summary>Does something on a schedule.</summary>
    public static void AddRecurring<TTask>(this ContainerBuilder builder)
        where TTask : IRecurringTask => builder.RegisterType<TTask>().As<IRecurringTask>().InstancePerLifetimeScope();

    /// <summary>Says what the module knows about people.</summary>
    public static void AddPersonalData<TKeeper>(this ContainerBuilder builder)
        where TKeeper : IKeepPersonalData => builder.RegisterType<TKeeper>().As<IKeepPersonalData>().InstancePerLifetimeScope();

    /// <summary>Adds a place in a navigation.</summary>
    public static void AddSection(this ContainerBuilder builder, PortalSection section) => builder.RegisterInstance(section);

    /// <summary>Shows a view component on a page another module owns.</summary>
    public static void AddPart(this ContainerBuilder builder, string slot, int order, string component) =>
        builder.RegisterInstance(new PagePart(slot, order, component));

    /// <summary>For workers, which serve everybody: the owner filter off, also for kinds of work nobody owns.</summary>
#pragma warning disable RS0030 // As PortalDb.AllOwners, for entities that need not be owned.
    internal static IQueryable<TItem> IgnoreOwner<TItem>(this IQueryable<TItem> items)
        where TItem : WorkItem => items.IgnoreQueryFilters([PortalDb.Owner]);
#pragma warning restore RS0030
}
