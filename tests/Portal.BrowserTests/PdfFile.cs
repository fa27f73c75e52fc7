using System.Diagnostics;

namespace Portal.BrowserTests;

/// <summary>A font as a file carries it.</summary>
internal sealed record PdfFont(string Name, bool IsEmbedded);

/// <summary>A PDF file as other programs than the one that made it read it.</summary>
internal sealed record PdfFile(string Text, string Title, bool IsTagged, IReadOnlyList<PdfFont> Fonts)
{
    public static async Task<PdfFile> ReadAsync(string path)
    {
        (await File.ReadAllBytesAsync(path)).Should().StartWith("%PDF"u8.ToArray());
        var info = (await RunAsync("pdfinfo", path))
            .Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        return new PdfFile(
            PlainSpaces.In(await RunAsync("pdftotext", "-layout", path, "-")),
            info["Title"],
            info["Tagged"] == "yes",
            FontsIn(await RunAsync("pdffonts", path))
        );
    }

    private static List<PdfFont> FontsIn(string table)
    {
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var embedded = lines[0].IndexOf("emb", StringComparison.Ordinal);
        return [.. lines.Skip(2).Select(line => new PdfFont(line.Split(' ')[0], line.AsSpan(embedded).StartsWith("yes")))];
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, $"{program} should read the file");
        return output;
    }
}
