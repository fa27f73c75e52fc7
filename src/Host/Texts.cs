namespace Portal.Host;

/// <summary>The words of the shell: navigation, errors, demo.</summary>
internal sealed class Texts;
