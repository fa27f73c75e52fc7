using System.Text;

namespace Portal.Plugin.PayFast;

/// <summary>Reads PayFast's transaction history: quotes where PayFast likes, columns by name, because their set and order differ between accounts.</summary>
internal static class PayFastCsv
{
    /// <summary>The rows by column name, without the heading; blank lines are left out.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(string text)
    {
        string[]? heading = null;
        foreach (var row in Rows(text.TrimStart('\uFEFF')))
        {
            if (heading is null)
            {
                heading = [.. row.Select(column => column.Trim())];
                continue;
            }

            var named = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var column = 0; column < Math.Min(heading.Length, row.Count); column++)
            {
                named.TryAdd(heading[column], row[column].Trim());
            }

            yield return named;
        }
    }

    private static IEnumerable<List<string>> Rows(string text)
    {
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var at = 0; at <= text.Length; at++)
        {
            var end = at == text.Length;
            var character = end ? '\n' : text[at];
            if (character == '"' && quoted && at + 1 < text.Length && text[at + 1] == '"')
            {
                cell.Append('"');
                at++;
            }
            else if (character == '"')
            {
                quoted = !quoted;
            }
            else if (quoted && !end)
            {
                cell.Append(character);
            }
            else if (character is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (character == ',')
                {
                    continue;
                }

                if (row.Exists(column => !string.IsNullOrWhiteSpace(column)))
                {
                    yield return row;
                }

                row = [];
            }
            else
            {
                cell.Append(character);
            }
        }
    }
}
