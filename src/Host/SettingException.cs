namespace Portal.Host;

/// <summary>A setting that stops the start: one sentence naming the key, exit code 1.</summary>
/// <param name="key">For example <c>Portal:PublicUrl</c>.</param>
/// <param name="problem">Goes on from the key: "is needed in Production."</param>
internal sealed class SettingException(string key, string problem) : Exception($"The setting {key} {problem}");
