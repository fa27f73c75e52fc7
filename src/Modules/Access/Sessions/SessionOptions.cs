namespace Portal.Access.Sessions;

/// <summary>The settings under <c>SignIn</c> that are about sessions.</summary>
internal sealed class SessionOptions
{
    /// <summary>How long a session lives unused, in minutes.</summary>
    public int SessionIdleMinutes { get; set; } = 30;

    /// <summary>How long a session lives at most, in hours.</summary>
    public int SessionCapHours { get; set; } = 12;
}
