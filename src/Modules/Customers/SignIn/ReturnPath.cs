namespace Portal.Customers.SignIn;

/// <summary>Where a buyer was going. Only a plain path of this portal is ever followed.</summary>
internal static class ReturnPath
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
