using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Host.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class MyData : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "KeepInvoicesYears",
                table: "store_profile",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CustomerId",
                table: "notifications_outbox",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ErasedAt",
                table: "invoices_document",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ErasedAt",
                table: "customers_customer",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "customers_data_export",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    RunningFor = table.Column<long>(type: "bigint", nullable: true),
                    Language = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Pieces = table.Column<int>(type: "integer", nullable: false),
                    PiecesDone = table.Column<int>(type: "integer", nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    MadeAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    KeptUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    LinkEndsAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_data_export", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_erasure_request",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    OpenFor = table.Column<long>(type: "bigint", nullable: true),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Language = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ListedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_erasure_request", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_erasure_run",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RequestId = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_erasure_run", x => x.Id);
                    table.ForeignKey(
                        name: "FK_customers_erasure_run_customers_erasure_request_RequestId",
                        column: x => x.RequestId,
                        principalTable: "customers_erasure_request",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_notifications_outbox_CustomerId",
                table: "notifications_outbox",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_ErasedAt",
                table: "customers_customer",
                column: "ErasedAt");

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_CustomerId_CreatedAt",
                table: "customers_data_export",
                columns: new[] { "CustomerId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_PublicId",
                table: "customers_data_export",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_RunningFor",
                table: "customers_data_export",
                column: "RunningFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_State_DueAt",
                table: "customers_data_export",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_TokenHash",
                table: "customers_data_export",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_CustomerId",
                table: "customers_erasure_request",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_ListedAt_Id",
                table: "customers_erasure_request",
                columns: new[] { "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_OpenFor",
                table: "customers_erasure_request",
                column: "OpenFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_PublicId",
                table: "customers_erasure_request",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_run_RequestId",
                table: "customers_erasure_run",
                column: "RequestId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_run_State_DueAt",
                table: "customers_erasure_run",
                columns: new[] { "State", "DueAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "customers_data_export");

            migrationBuilder.DropTable(
                name: "customers_erasure_run");

            migrationBuilder.DropTable(
                name: "customers_erasure_request");

            migrationBuilder.DropIndex(
                name: "IX_notifications_outbox_CustomerId",
                table: "notifications_outbox");

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_ErasedAt",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "KeepInvoicesYears",
                table: "store_profile");

            migrationBuilder.DropColumn(
                name: "CustomerId",
                table: "notifications_outbox");

            migrationBuilder.DropColumn(
                name: "ErasedAt",
                table: "invoices_document");

            migrationBuilder.DropColumn(
                name: "ErasedAt",
                table: "customers_customer");
        }
    }
}
