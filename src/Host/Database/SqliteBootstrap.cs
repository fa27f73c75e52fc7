using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SQLitePCL;

namespace Portal.Host.Database;

/// <summary>Binds Microsoft.Data.Sqlite to the operating system's SQLite.</summary>
/// <remarks>
/// EF Core 10 needs SQLite 3.38 or later; the packaged binaries that can be had are older, the system's is not.
/// Microsoft.Data.Sqlite asks for SQLitePCLRaw 2.1, of which it uses nothing but an unused call that 2.0 lacks
/// (<c>sqlite3_load_extension</c>): asking again without a version finds 2.0. With a newer SQLitePCLRaw this file falls away.
/// </remarks>
internal static class SqliteBootstrap
{
#pragma warning disable CA2255 // It must run before anything touches Microsoft.Data.Sqlite, also Quartz and `dotnet ef`.
    [ModuleInitializer]
    internal static void Bind()
#pragma warning restore CA2255
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            name is { Name: "SQLitePCLRaw.core", Version: not null }
                ? context.LoadFromAssemblyName(new System.Reflection.AssemblyName("SQLitePCLRaw.core"))
                : null;
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            static (name, _, _) =>
            {
                if (name != "e_sqlite3")
                {
                    return nint.Zero;
                }

                foreach (var library in (string[])["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3"])
                {
                    if (NativeLibrary.TryLoad(library, out var handle))
                    {
                        return handle;
                    }
                }

                return nint.Zero;
            }
        );
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
    }
}
