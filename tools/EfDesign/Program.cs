using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Portal.Host.Database;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.EfDesign;

/// <summary>Makes the contexts for <c>dotnet ef</c>; no server is asked for anything.</summary>
internal static class Program
{
    private static int Main()
    {
        Console.Error.WriteLine("This is the start-up project of dotnet ef. To add a migration: ./build.sh migration --name WhatItDoes");
        return 1;
    }

    /// <summary>The modules' tables, found in what the host references: a module cannot be forgotten here.</summary>
    internal static PortalDbParts Parts() =>
        new(
            typeof(SqlitePortalDb)
                .Assembly.GetReferencedAssemblies()
                .Where(a => a.Name!.StartsWith("Portal.", StringComparison.Ordinal))
                .SelectMany(a => Assembly.Load(a).GetTypes())
                .Where(t => t.IsAssignableTo(typeof(IModelPart)) && !t.IsAbstract)
                .OrderBy(t => t.FullName, StringComparer.Ordinal)
                .Select(t => (IModelPart)Activator.CreateInstance(t, nonPublic: true)!),
            new Buyer(),
            new WorkBells(),
            []
        );
}

/// <inheritdoc />
internal sealed class SqliteFactory : IDesignTimeDbContextFactory<SqlitePortalDb>
{
    /// <inheritdoc />
    public SqlitePortalDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite("Data Source=:memory:").Options, Program.Parts());
}

/// <inheritdoc />
internal sealed class PostgreSqlFactory : IDesignTimeDbContextFactory<PostgreSqlPortalDb>
{
    /// <inheritdoc />
    public PostgreSqlPortalDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlPortalDb>().UseNpgsql("Host=localhost").Options, Program.Parts());
}
