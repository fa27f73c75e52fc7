namespace Portal.Kernel;

/// <summary>The settings under <c>Portal</c>: where this installation lives. Merchants' choices are in the database.</summary>
public sealed class PortalOptions
{
    /// <summary>Where buyers reach the portal; every link in a mail starts with it. Required in Production.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>The path it is mounted under: <c>/customers</c>. Empty for the root.</summary>
    public string PathBase { get; set; } = "";

    /// <summary>Database, files and key ring. Relative to the installation.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Runs with the Sandbox processor, demo data and a mailbox page.</summary>
    public bool Demo { get; set; }

    /// <summary>Shifts the portal's clock, for trying things out. Refused in Production.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>Addresses or networks of proxies whose forwarded headers count.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>An absolute URL of this portal, as mails and processors need it.</summary>
    /// <param name="path">Starts with a slash.</param>
    public Uri Absolute(string path) =>
        new(
            (PublicUrl ?? throw new InvalidOperationException("Portal:PublicUrl is not set.")).GetLeftPart(UriPartial.Authority)
                + PathBase.TrimEnd('/')
                + path
        );
}
