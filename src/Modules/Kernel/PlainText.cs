namespace Portal.Kernel;

/// <summary>One line of text somebody typed.</summary>
public static class PlainText
{
    /// <summary>Without blanks around; null when nothing is left.</summary>
    public static string? Trim(string? typed) => typed?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>
    /// Whether it can be kept and shown as typed: no control characters, no half of a surrogate pair, and no replacement character, which
    /// stands where such a half, or another broken byte, came in.
    /// </summary>
    public static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || text[i] is '\uFFFD' or '\uFFFE' or '\uFFFF')
            {
                return false;
            }

            if (char.IsSurrogate(text[i]))
            {
                if (!char.IsSurrogatePair(text, i))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
