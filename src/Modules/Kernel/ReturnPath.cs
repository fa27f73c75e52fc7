namespace Portal.Kernel;

/// <summary>Where somebody was going before she had to sign in. Only a plain path of this portal is ever followed.</summary>
public static class ReturnPath
{
    private const int Longest = 500;

    /// <summary>The path, or null when it could lead elsewhere.</summary>
    public static string? Check(string? path) =>
        path is ['/', ..]
        && path.Length <= Longest
        && path is not (['/', '/' or '\\', ..])
        && !path.Any(c => char.IsControl(c) || c == '\\' || c > '\x7e')
            ? path
            : null;
}
