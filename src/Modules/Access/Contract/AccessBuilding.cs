using Autofac;

namespace Portal.Access.Contract;

/// <summary>What a module's registration says about access.</summary>
public static class AccessBuilding
{
    /// <summary>Lines the module writes to the logs.</summary>
    public static void AddActivities(this ContainerBuilder builder, params ActivityKind[] kinds)
    {
        foreach (var kind in kinds)
        {
            builder.RegisterInstance(kind);
        }
    }

    /// <summary>The accounts of an audience.</summary>
    public static void AddSubjects<TSubjects>(this ContainerBuilder builder)
        where TSubjects : ISubjects => builder.RegisterType<TSubjects>().As<ISubjects>().InstancePerLifetimeScope();
}
