using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Processors;

namespace Portal.Kernel;

/// <summary>A postal address as rows keep it; one that says nothing is <see cref="None"/>, never null.</summary>
public sealed record PostalAddress
{
    /// <summary>Nowhere.</summary>
    public static PostalAddress None { get; } = new();

    /// <summary>Street and number.</summary>
    public string? Line1 { get; init; }

    /// <summary>Anything more.</summary>
    public string? Line2 { get; init; }

    /// <summary>Town.</summary>
    public string? City { get; init; }

    /// <summary>State, province or county.</summary>
    public string? Region { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }

    /// <summary>As a processor told it.</summary>
    public static PostalAddress Of(Address address) =>
        new()
        {
            Line1 = address.Line1,
            Line2 = address.Line2,
            City = address.City,
            Region = address.State,
            PostalCode = address.PostalCode,
            Country = address.Country is { Length: 2 } country ? country.ToUpperInvariant() : null,
        };

    /// <summary>For other modules and processors; null when it names neither street nor country.</summary>
    public Address? ToAddress() =>
        Country is null && Line1 is null
            ? null
            : new Address
            {
                Line1 = Line1,
                Line2 = Line2,
                City = City,
                State = Region,
                PostalCode = PostalCode,
                Country = Country,
            };

    /// <summary>Its columns.</summary>
    /// <param name="address">The property that keeps it.</param>
    /// <param name="prefix">What the columns' names begin with.</param>
    public static void Map(ComplexPropertyBuilder<PostalAddress> address, string prefix = "")
    {
        address.Property(a => a.Line1).HasColumnName(prefix + nameof(Line1));
        address.Property(a => a.Line2).HasColumnName(prefix + nameof(Line2));
        address.Property(a => a.City).HasColumnName(prefix + nameof(City));
        address.Property(a => a.Region).HasColumnName(prefix + nameof(Region));
        address.Property(a => a.PostalCode).HasColumnName(prefix + nameof(PostalCode));
        address.Property(a => a.Country).HasColumnName(prefix + nameof(Country)).HasMaxLength(2);
    }
}
