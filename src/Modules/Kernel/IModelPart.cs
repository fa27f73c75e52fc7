using Microsoft.EntityFrameworkCore;

namespace Portal.Kernel;

/// <summary>A module's tables. Entity types stay internal to their module: what cannot be named cannot be queried.</summary>
public interface IModelPart
{
    /// <summary>Adds the module's entities; table names carry the module's prefix.</summary>
    void Build(ModelBuilder model);
}
