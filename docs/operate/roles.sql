-- Vai và cơ sở dữ liệu của Trọng Dân trên máy chủ PostgreSQL riêng (bản 17 trở lên). Chạy một lần bằng quyền quản trị:
--   psql -d postgres -v ON_ERROR_STOP=1 -f roles.sql
-- Đổi bốn mật khẩu trước khi chạy. Không vai nào là superuser hay được vượt row security.
CREATE ROLE td_owner   LOGIN NOBYPASSRLS PASSWORD 'đổi-mật-khẩu-1';  -- chỉ để tạo, nâng cấp bảng
CREATE ROLE td_web     LOGIN NOBYPASSRLS PASSWORD 'đổi-mật-khẩu-2';  -- máy chủ web
CREATE ROLE td_job     LOGIN NOBYPASSRLS PASSWORD 'đổi-mật-khẩu-3';  -- tiến trình nền, các lệnh
CREATE ROLE td_export  LOGIN NOBYPASSRLS PASSWORD 'đổi-mật-khẩu-4';  -- chép số liệu ra ngoài
CREATE ROLE td_definer NOLOGIN NOBYPASSRLS;                          -- chủ của các hàm SECURITY DEFINER, không đăng nhập được
GRANT td_definer TO td_owner;
CREATE DATABASE trongdan OWNER td_owner TEMPLATE template0 ENCODING 'UTF8';
