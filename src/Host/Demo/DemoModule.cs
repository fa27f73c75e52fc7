using Autofac;
using Microsoft.Extensions.Hosting;

namespace Portal.Host.Demo;

/// <summary>What only a demo has: the Sandbox processor beside the portal.</summary>
internal sealed class DemoModule(bool serving) : Module
{
    protected override void Load(ContainerBuilder builder)
    {
        if (serving)
        {
            builder.RegisterType<SandboxProcess>().As<IHostedService>().SingleInstance();
        }
    }
}
