-- Phần trong cơ sở dữ liệu, sau roles.sql, cũng bằng quyền quản trị:
--   psql -d trongdan -v ON_ERROR_STOP=1 -f database.sql
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
GRANT CREATE, USAGE ON SCHEMA public TO td_owner, td_definer;
