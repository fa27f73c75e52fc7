using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using Portal.Kernel;

namespace Portal.Host.Database;

/// <summary>The portal's data in PostgreSQL: for several nodes, or much of it.</summary>
internal sealed class PostgreSqlPortalDb(DbContextOptions<PostgreSqlPortalDb> options, PortalDbParts parts) : PortalDb(options, parts)
{
    public override bool IsDuplicate(DbUpdateException failure) =>
        failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    // As a foreign key would: ordinary changes of the row go on meanwhile.
    public override (string Keep, string Change) RowLocks => (" for key share", " for update");

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // timestamptz keeps a moment, not an offset; Npgsql refuses to drop one silently. Its microseconds are coarser than ticks.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Utc>();
    }

    private sealed class Utc() : ValueConverter<DateTimeOffset, DateTimeOffset>(moment => moment.ToUniversalTime(), moment => moment);
}
