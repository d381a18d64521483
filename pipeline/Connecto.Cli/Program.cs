using Connecto.Cli;

return await ConnectoCommand.RunAsync(args);
