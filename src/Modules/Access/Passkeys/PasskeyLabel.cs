using Portal.Access.Data;

namespace Portal.Access.Passkeys;

/// <summary>What people call their passkeys.</summary>
internal static class PasskeyLabel
{
    /// <summary>Without blanks around it; null when it is none.</summary>
    public static string? Clean(string? typed) =>
        typed?.Trim() is { Length: > 0 and <= Passkey.LabelLength } label && !label.Any(char.IsControl) ? label : null;
}
