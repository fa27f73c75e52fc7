namespace Portal.Kernel;

/// <summary>The row number of a customer. Never shown: people and URLs see <see cref="PublicId"/>s.</summary>
/// <param name="Value">Greater than zero.</param>
public readonly record struct CustomerId(long Value)
{
    /// <inheritdoc />
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Who is signed in, in this scope. Nobody, until the session says so: queries for owned rows then find nothing.</summary>
public sealed class Buyer
{
    /// <summary>Null while nobody is signed in.</summary>
    public CustomerId? Id { get; private set; }

    /// <summary>Called once a request's session is proven, and by tests.</summary>
    public void Is(CustomerId id) => Id = id;
}

/// <summary>Who does what is done in this scope, for the logs. Nobody signed in is the portal itself, or a stranger.</summary>
public sealed class Actor
{
    /// <summary>Buyer or merchant; <see cref="Audience.Public"/> while nobody is signed in.</summary>
    public Audience Audience { get; private set; } = Audience.Public;

    /// <summary>The buyer's or merchant's row number.</summary>
    public long? Subject { get; private set; }

    /// <summary>Her e-mail address.</summary>
    public string? Name { get; private set; }

    /// <summary>Called once somebody's session, or her way in, is proven.</summary>
    public void Is(Audience audience, long subject, string name) => (Audience, Subject, Name) = (audience, subject, name);
}

/// <summary>A row that belongs to one customer. <see cref="PortalDb"/> shows a scope only its own buyer's.</summary>
public interface IOwned
{
    /// <summary>Null while the owner is not known: such rows are nobody's.</summary>
    CustomerId? CustomerId { get; }
}

/// <summary>A row that two writers may meet at; the second is told instead of overwriting.</summary>
public interface IVersioned
{
    /// <summary>Renewed with every change.</summary>
    Guid Version { get; set; }
}
