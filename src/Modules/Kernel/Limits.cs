namespace Portal.Kernel;

/// <summary>Names of the rate-limit policies; their figures are in the host.</summary>
public static class Limits
{
    /// <summary>For every route that takes a secret or sends a mail: per address, 20 a minute.</summary>
    public const string Secrets = "secrets";
}
