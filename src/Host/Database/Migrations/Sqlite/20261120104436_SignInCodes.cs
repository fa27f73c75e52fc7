using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Host.Database.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SignInCodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ExpiresAt",
                table: "customers_sign_in_request",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MailedAt",
                table: "customers_sign_in_request",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "SealedCode",
                table: "customers_sign_in_request",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "WrongTries",
                table: "customers_sign_in_request",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "RequestId",
                table: "customers_sign_in_link",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_ProcessorId",
                table: "orders_payment",
                column: "ProcessorId");

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_ProcessorId",
                table: "orders_order",
                column: "ProcessorId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_request_EmailCanonical_MailedAt",
                table: "customers_sign_in_request",
                columns: new[] { "EmailCanonical", "MailedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_link_RequestId",
                table: "customers_sign_in_link",
                column: "RequestId",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_orders_payment_ProcessorId",
                table: "orders_payment");

            migrationBuilder.DropIndex(
                name: "IX_orders_order_ProcessorId",
                table: "orders_order");

            migrationBuilder.DropIndex(
                name: "IX_customers_sign_in_request_EmailCanonical_MailedAt",
                table: "customers_sign_in_request");

            migrationBuilder.DropIndex(
                name: "IX_customers_sign_in_link_RequestId",
                table: "customers_sign_in_link");

            migrationBuilder.DropColumn(
                name: "ExpiresAt",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "MailedAt",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "SealedCode",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "WrongTries",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "RequestId",
                table: "customers_sign_in_link");
        }
    }
}
