using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Portal.Host;

/// <summary>What this process makes is its user's alone, whatever the shell that started it allows: database, keys, files, mails.</summary>
[UnsupportedOSPlatform("windows")]
internal static class Umask
{
    private const int OthersNothing = 0x3F; // 077

    public static void Private() => _ = Set(OthersNothing);

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Set(int mask);
}
