using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Portal.Kernel;

/// <summary>Files by the SHA-256 of their content: names come from here, never from outside.</summary>
public sealed class FileStore(IOptions<PortalOptions> options)
{
    private string Root => Path.Combine(options.Value.DataDirectory, "files");

    /// <summary>Keeps the bytes; the same ones are kept once.</summary>
    /// <returns>Their SHA-256 in lower-case hexadecimal.</returns>
    public async Task<string> SaveAsync(byte[] content, CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var path = PathOf(hash);
        if (File.Exists(path))
        {
            return hash;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Under its final name only once it is whole and on the disk.
        var draft = path + "." + Guid.NewGuid().ToString("N");
        await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous))
        {
            await file.WriteAsync(content, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        return hash;
    }

    /// <summary>Where a kept file is; null when it is missing.</summary>
    public string? Find(string hash) => File.Exists(PathOf(hash)) ? PathOf(hash) : null;

    /// <summary>Lets go of a file; nothing happens when it is missing.</summary>
    public void Delete(string hash) => File.Delete(PathOf(hash));

    private string PathOf(string hash) =>
        hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(Root, hash[..2], hash)
            : throw new ArgumentException("Not a SHA-256 in hexadecimal.", nameof(hash));
}
