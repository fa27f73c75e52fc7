using Portal.Benchmarks;

// The same program, started as a child, is the page the portal is compared with.
if (args is ["bare", var url, var size])
{
    await BarePage.RunAsync(new Uri(url), int.Parse(size, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

await new Run(Plan.Read(args)).DoAsync();
