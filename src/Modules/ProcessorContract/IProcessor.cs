namespace Portal.Processors;

/// <summary>One connected merchant account. It can do what it implements from <c>Capabilities.cs</c> and nothing else.</summary>
/// <remarks>One instance serves many calls at once: keep no state that a second caller could disturb.</remarks>
public interface IProcessor
{
    /// <summary>Proves the credentials with one harmless read.</summary>
    /// <exception cref="ProcessorException">The credentials are refused or the processor cannot be reached.</exception>
    Task CheckAsync(CancellationToken ct);
}

/// <summary>A limit to show beside a capability in the matrix: "Not available in the sandbox."</summary>
/// <param name="capability">The capability interface it limits.</param>
/// <param name="note">A key of the plugin's <c>Texts</c> resource, or the words themselves.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class LimitAttribute(Type capability, string note) : Attribute
{
    /// <summary>The capability interface it limits.</summary>
    public Type Capability => capability;

    /// <summary>A key of the plugin's <c>Texts</c> resource, or the words themselves.</summary>
    public string Note => note;
}
