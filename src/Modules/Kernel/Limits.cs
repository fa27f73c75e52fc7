using System.Net;
using System.Net.Sockets;

namespace Portal.Kernel;

/// <summary>Names of the rate-limit policies; their figures are in the host.</summary>
public static class Limits
{
    /// <summary>For every route that takes a secret or sends a mail: per network, 20 a minute.</summary>
    public const string Secrets = "secrets";

    /// <summary>For every other form of a page, without anybody having to say so: per person, 120 a minute.</summary>
    public const string Forms = "forms";
}

/// <summary>Whom an address counts as.</summary>
public static class Network
{
    /// <summary>An IPv4 address; of IPv6 the /64, since one subscriber has all of it.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null || address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            return address?.MapToIPv4().ToString() ?? "";
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes).ToString();
    }
}

/// <summary>Which fields, by their names, hold a secret: never kept for later, and no route takes one without a limit.</summary>
public static class SecretNames
{
    private static readonly string[] Marks = ["password", "passphrase", "secret", "token", "code", "key", "salt", "hash"];

    // Codes everybody may know.
    private static readonly string[] Harmless = ["postalCode", "postCode", "zipCode", "countryCode", "languageCode", "currencyCode"];

    /// <summary>Whether the name of a field or parameter says that a secret is in it.</summary>
    public static bool Includes(string name)
    {
        name = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        foreach (var harmless in Harmless)
        {
            name = name.Replace(harmless, "", StringComparison.OrdinalIgnoreCase);
        }

        return Marks.Any(m => name.Contains(m, StringComparison.OrdinalIgnoreCase));
    }
}
