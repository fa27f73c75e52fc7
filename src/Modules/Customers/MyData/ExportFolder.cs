using Microsoft.Extensions.Options;
using Portal.Kernel;

namespace Portal.Customers.MyData;

/// <summary>Where exports wait to be fetched. Their names are the rows' public ids: a file without its row is nobody's and goes.</summary>
internal sealed class ExportFolder(IOptions<PortalOptions> options)
{
    private const string Finished = ".zip";
    private const string Unfinished = ".part";

    private string Root => Path.Combine(options.Value.DataDirectory, "exports");

    /// <summary>A fresh file to write into.</summary>
    public FileStream Begin(string id)
    {
        Directory.CreateDirectory(Root);
        return new FileStream(PathOf(id, Unfinished), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous);
    }

    /// <summary>A file that is gone once it is closed; after a crash it goes with what has no row.</summary>
    public FileStream Scratch()
    {
        Directory.CreateDirectory(Root);
        return new FileStream(
            PathOf(PublicId.New("scratch"), Unfinished),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.Delete,
            64 * 1024,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose
        );
    }

    /// <summary>Gives the file its final name.</summary>
    /// <returns>Its size.</returns>
    public long Finish(string id)
    {
        File.Move(PathOf(id, Unfinished), PathOf(id, Finished), overwrite: true);
        return new FileInfo(PathOf(id, Finished)).Length;
    }

    /// <summary>Where a finished file is; null when there is none.</summary>
    public string? Find(string id) => File.Exists(PathOf(id, Finished)) ? PathOf(id, Finished) : null;

    /// <summary>Lets go of a file, finished or not; nothing happens when there is none.</summary>
    public void Delete(string id)
    {
        if (Directory.Exists(Root))
        {
            File.Delete(PathOf(id, Finished));
            File.Delete(PathOf(id, Unfinished));
        }
    }

    /// <summary>Whose files there are.</summary>
    public IEnumerable<string> Ids() =>
        Directory.Exists(Root) ? Directory.EnumerateFiles(Root).Select(f => Path.GetFileNameWithoutExtension(f)).Distinct() : [];

    private string PathOf(string id, string ending) =>
        id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? Path.Combine(Root, id + ending)
            : throw new ArgumentException("Not an id.", nameof(id));
}
