namespace Portal.Customers.Sessions;

/// <summary>The settings under <c>SignIn</c>.</summary>
internal sealed class SignInOptions
{
    /// <summary>How long a mailed link works, in minutes.</summary>
    public int LinkMinutes { get; set; } = 30;

    /// <summary>How long a session lives unused, in minutes.</summary>
    public int SessionIdleMinutes { get; set; } = 30;

    /// <summary>How long a session lives at most, in hours.</summary>
    public int SessionCapHours { get; set; } = 12;
}
