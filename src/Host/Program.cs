using Portal.Host.Commands;

return await PortalCommand.RunAsync(args);
